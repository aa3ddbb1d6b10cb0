/** Chain and target names as numbers, so that a line needs four bytes for one. 0 is "no name". */
export class Names {
  private readonly ids = new Map<string, number>();
  private readonly names: string[] = [''];

  /** One more than the highest number given out. */
  get size(): number {
    return this.names.length;
  }

  text(id: number): string {
    return this.names[id] ?? '';
  }

  /** The name's number, or 0 when no line holds it. */
  find(name: string): number {
    return this.ids.get(name) ?? 0;
  }

  /** The number of the name at `start` to `end`; `guess` is tried first, as lines repeat names. */
  intern(text: string, start: number, end: number, guess: number): number {
    if (end <= start) return 0;
    if (this.stands(guess, text, start, end)) return guess;
    const name = text.slice(start, end);
    let id = this.ids.get(name);
    if (id === undefined) {
      id = this.names.length;
      this.ids.set(name, id);
      this.names.push(name);
    }
    return id;
  }

  private stands(id: number, text: string, start: number, end: number): boolean {
    const name = this.names[id]!;
    if (name.length !== end - start) return false;
    // From the end, where kube-proxy's names differ.
    for (let i = name.length - 1; i >= 0; i--) {
      if (name.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
    }
    return true;
  }
}
