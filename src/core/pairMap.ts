/** What was found out for two objects, kept as long as both are. */
export class PairMap<First extends WeakKey, Second extends WeakKey, Value> {
  private readonly kept = new WeakMap<First, WeakMap<Second, Value>>();

  get(first: First, second: Second): Value | undefined {
    return this.kept.get(first)?.get(second);
  }

  set(first: First, second: Second, value: Value): void {
    const own = this.kept.get(first) ?? new WeakMap<Second, Value>();
    this.kept.set(first, own);
    own.set(second, value);
  }

  delete(first: First, second: Second): void {
    this.kept.get(first)?.delete(second);
  }
}
