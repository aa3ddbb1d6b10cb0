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

const packetMark = 'packet: ';

/**
 * The key of a question about the packet itself (its length, its device, what no rule could be read of):
 * one answer for all rules that ask it, but none for the connection's next packet or its replies.
 */
export function ofPacket(question: string): string {
  return packetMark + question;
}

/** What holds of later packets, too: the facts of the node and of the conversation. */
export function lasting(facts: Facts): Facts {
  const kept = new Map<string, boolean>();
  for (let at: Facts | undefined = facts; at; at = at instanceof Layer ? at.older : undefined) {
    const own = at instanceof Layer ? at.own : at;
    if (!(own instanceof Map)) continue;
    for (const [question, holds] of own as ReadonlyMap<string, boolean>) {
      if (!question.startsWith(packetMark) && !kept.has(question)) kept.set(question, holds);
    }
  }
  return kept;
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
