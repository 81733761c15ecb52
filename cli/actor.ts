// Who is at the keyboard, for the records of runs and of the registry.
import { userInfo } from 'node:os';

export function actor(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
