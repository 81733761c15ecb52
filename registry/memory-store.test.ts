// The memory store keeps the contract.
import { memoryStore } from './memory-store.ts';
import { storeContract } from './store-contract.ts';

storeContract('the memory store', memoryStore);
