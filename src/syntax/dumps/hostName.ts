/**
 * Who printed what follows a line. Pods of two workloads, and a pod and a host, may be one node; a
 * heading may name anything.
 */
export interface HostMark {
  /** As it stands there: `node-a`, `node-a.example.org`. */
  readonly name: string;
  /** Names of one kind that differ are of different hosts: `host`, `heading`, `pods:kube-proxy`. */
  readonly kind: string;
}

/** Whether two names are of one host: `node-a` and `node-a.example.org`. */
export function isSameHost(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

/** Tells of each name the one under which its host was first met; linear, however many there are. */
export class HostNames {
  readonly #first = new Map<string, string>();
  /** What a full name may be cut to: `node-a` of `node-a.example.org`. */
  readonly #cut = new Map<string, string>();

  firstOf(name: string): string {
    const own = name.toLowerCase();
    const shorter = cutNames(own);
    const known = [own, ...shorter].flatMap((one) => this.#first.get(one) ?? []);
    const first = known[0] ?? this.#cut.get(own) ?? name;
    this.#first.set(own, first);
    for (const one of shorter) if (!this.#cut.has(one)) this.#cut.set(one, first);
    return first;
  }
}

/** Nothing of an address: 10.0.0 is no name of 10.0.0.5. */
function cutNames(name: string): readonly string[] {
  if (/^[\d.]+$/.test(name)) return [];
  const labels = name.split('.');
  return labels.slice(1).map((_, i) => labels.slice(0, labels.length - 1 - i).join('.'));
}
