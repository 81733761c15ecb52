// Lets a number of tasks run at once; the others wait in line.

export type WithPermit = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function permits(atOnce: number): WithPermit {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free > 0) {
      free -= 1;
    } else {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      // A permit goes straight to the next in line, so that none slips in between.
      const next = waiting.shift();
      if (next === undefined) {
        free += 1;
      } else {
        next();
      }
    }
  };
}
