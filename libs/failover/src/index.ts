// Pure decisions: no clock, no network, no AWS. Time is passed in.
export * from './recovery';
