// Stores a curation of this process as a dataset version, and what was counted of it.
export { storeDataset as storeCuration } from '../activities/store-dataset.ts';
export { storeTokens } from '../activities/store-tokens.ts';
