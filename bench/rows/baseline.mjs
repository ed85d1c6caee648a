// The commit that drills are held against: from before they were made fast.
export const BASELINE = '1412c0b';
export const NOW = 'now';
