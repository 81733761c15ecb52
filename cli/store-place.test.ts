import { describe, expect, it } from 'vitest';
import { fileStore } from '../registry/file-store.ts';
import { placeOf } from './store-place.ts';

describe('where an object of the store is', () => {
  it('is a path that can be opened, also with spaces and percent signs in it', () => {
    expect(placeOf(fileStore('/srv/my store 100%'), 'runs/x/report.html')).toBe(
      '/srv/my store 100%/runs/x/report.html',
    );
  });

  it('is a URI for a store that is not on this machine', () => {
    expect(placeOf({ uri: 's3://bucket/prefix' }, 'runs/x/report.html')).toBe('s3://bucket/prefix/runs/x/report.html');
  });
});
