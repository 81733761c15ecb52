// Stores a curation of this process as a dataset version.
export { storeDataset as storeCuration } from '../activities/store-dataset.ts';
