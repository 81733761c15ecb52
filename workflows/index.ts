// Entry of the workflow bundle: every workflow type by the name of its function.
export { askArm } from './ask-arm.ts';
export { askBatch } from './ask-batch.ts';
export { contend } from './contend.ts';
export { contest } from './contest.ts';
export { judgePair } from './judge-pair.ts';
export { nightlyRegression } from './nightly-regression.ts';
export { sweepCandidates } from './sweep.ts';
export { trainCandidate } from './train-candidate.ts';
