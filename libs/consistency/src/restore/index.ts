// Going back to an earlier state: what an item shows, and the version that brings back what it showed.
export * from './shown';
export * from './write-back';
