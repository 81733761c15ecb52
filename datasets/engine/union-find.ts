// Disjoint sets over row numbers, with path halving and union by smaller number (Tarjan and van Leeuwen 1984).

export class UnionFind {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = new Int32Array(size);
    for (let item = 0; item < size; item += 1) {
      this.#parent[item] = item;
    }
  }

  /** The smallest member of the set of `item`. */
  find(item: number): number {
    const parent = this.#parent;
    let at = item;
    for (let up = parent[at] ?? at; up !== at; up = parent[at] ?? at) {
      const grand = parent[up] ?? up;
      parent[at] = grand;
      at = grand;
    }
    return at;
  }

  /** Joins two sets; false when they were one already. */
  union(left: number, right: number): boolean {
    const one = this.find(left);
    const other = this.find(right);
    if (one !== other) {
      this.#parent[Math.max(one, other)] = Math.min(one, other);
    }
    return one !== other;
  }

  /** The sets with more than one of the items for which `isIn` holds; items ascending within each, sets by their first. */
  sets(isIn: (item: number) => boolean): number[][] {
    const size = this.#parent.length;
    // Counting first costs 4 bytes an item; a list for every item that stands alone would cost twenty times that.
    const counts = new Uint32Array(size);
    for (let item = 0; item < size; item += 1) {
      if (isIn(item)) {
        const root = this.find(item);
        counts[root] = (counts[root] ?? 0) + 1;
      }
    }
    // Where each set goes on in one array of all members: lists that grow would take several times the memory.
    const ends = new Map<number, number>();
    const starts: number[] = [];
    let room = 0;
    for (let item = 0; item < size; item += 1) {
      const root = this.find(item);
      const count = counts[root] ?? 0;
      if (count > 1 && isIn(item) && !ends.has(root)) {
        ends.set(root, room);
        starts.push(room);
        room += count;
      }
    }
    const members = new Uint32Array(room);
    for (let item = 0; item < size; item += 1) {
      const root = this.find(item);
      const end = ends.get(root);
      if (end !== undefined && isIn(item)) {
        members[end] = item;
        ends.set(root, end + 1);
      }
    }
    return starts.map((start, set) => Array.from(members.subarray(start, starts[set + 1] ?? room)));
  }
}
