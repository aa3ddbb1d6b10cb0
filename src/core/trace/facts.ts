/** What a branch of a trace has decided, by question. */
export interface Facts {
  get(question: string): boolean | undefined;
  has(question: string): boolean;
}

/**
 * The same facts and one more. The old ones stay as they are for the branches that know only those, and
 * are shared: on a way with 4,000 decisions a copy at each would be eight million entries. Layers double
 * in size from the newest to the oldest, so that a look-up meets few of them.
 */
export function withFact(facts: Facts, question: string, holds: boolean): Facts {
  let newest = new Map([[question, holds]]);
  let older = facts;
  while (older instanceof Layer && older.own.size <= newest.size) {
    newest = new Map([...older.own, ...newest]);
    older = older.older;
  }
  return new Layer(newest, older);
}

class Layer implements Facts {
  constructor(
    readonly own: ReadonlyMap<string, boolean>,
    readonly older: Facts,
  ) {}

  get(question: string): boolean | undefined {
    const own = this.own.get(question);
    if (own !== undefined) return own;
    let at = this.older;
    for (; at instanceof Layer; at = at.older) {
      const older = at.own.get(question);
      if (older !== undefined) return older;
    }
    return at.get(question);
  }

  has(question: string): boolean {
    return this.get(question) !== undefined;
  }
}
