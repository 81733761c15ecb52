// Columns that grow in place.
import { describe, expect, it } from 'vitest';
import { GrowingColumn } from './growing-column.ts';

describe('a growing column', () => {
  it('holds what was added in order, also beyond the room that was set aside', () => {
    // 10 MB a part: the eighth is beyond 64 MiB.
    const column = new GrowingColumn(Uint32Array);
    const part = Uint32Array.from({ length: 2_500_001 }, (_, index) => index);
    for (let time = 0; time < 8; time += 1) {
      column.add(part);
    }
    const whole = column.finish();
    expect(whole.length).toBe(part.length * 8);
    for (let time = 0; time < 8; time += 1) {
      expect(whole[time * part.length]).toBe(0);
      expect(whole[(time + 1) * part.length - 1]).toBe(2_500_000);
    }
    expect(whole.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('of nothing is empty', () => {
    const column = new GrowingColumn(Float64Array);
    column.add(new Float64Array());
    expect(column.finish().length).toBe(0);
  });
});
