/**
 * Dumps that no recorded cluster has, each made of a real one's lines.
 */

/** The rules of a Service with one endpoint, made into those of `n` endpoints, as kube-proxy writes them. */
export function withEndpoints(dump: string, chain: string, n: number): string {
  const lines = dump.split('\n');
  const jumps = lines.filter(
    (line) => line.startsWith(`-A ${chain} `) && / -j KUBE-SEP-/.test(line),
  );
  const [jump] = jumps;
  const endpoint = /KUBE-SEP-\w+/.exec(jump!)![0];
  const old = new Set(jumps.map((line) => /KUBE-SEP-\w+/.exec(line)![0]));
  const address = new RegExp(`^-A ${endpoint} .* --to-destination (\\S+):\\d+$`, 'm').exec(
    dump,
  )![1]!;
  const own = lines.filter((line) => line.startsWith(`-A ${endpoint} `));
  const plain = jump!.replace(/ -m statistic \S+ \S+ --probability \S+/, '');

  const name = (i: number) => `KUBE-SEP-${base32(i).padStart(16, 'A')}`;
  const place = (i: number) => `10.244.${10 + (i >> 8)}.${i & 255}`;
  const made = (line: string, i: number) =>
    line.replaceAll(endpoint, name(i)).replaceAll(address, place(i));
  const all = Array.from({ length: n }, (_, i) => i);
  const chosen = (i: number) => {
    if (i === n - 1) return made(plain, i);
    const chance = (1 / (n - i)).toFixed(11);
    const statistic = ` -m statistic --mode random --probability ${chance} -j KUBE-SEP-`;
    return made(plain, i).replace(' -j KUBE-SEP-', statistic);
  };
  return lines
    .flatMap((line) => {
      const [, word, subject] = /^(:|-A )(\S+)/.exec(line) ?? [];
      if (line === jump) return all.map(chosen);
      if (jumps.includes(line)) return [];
      if (subject === undefined || !old.has(subject)) return [line];
      if (subject !== endpoint) return [];
      if (word === ':') return all.map((i) => made(line, i));
      return line === own[0] ? all.flatMap((i) => own.map((rule) => made(rule, i))) : [];
    })
    .join('\n');
}

/** As in the names of kube-proxy's chains. */
function base32(i: number): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return i < 32 ? digits[i]! : base32(i >> 5) + digits[i & 31];
}

/**
 * `ipvsadm -Ln` with the weights 3 and 1 for the real servers of a virtual server of two, and its
 * scheduler replaced: kube-proxy gives all of them 1.
 */
export function withWeights(ipvsadm: string, server: string, scheduler: string): string {
  const lines = ipvsadm.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`TCP  ${server} `));
  lines[at] = lines[at]!.replace(/^(TCP +\S+ )\w+/, `$1${scheduler}`);
  lines[at + 1] = lines[at + 1]!.replace(/(Masq +)1 /, '$13 ');
  return lines.join('\n');
}

/** The comments of a Service's rules say something else. */
export function withComments(dump: string, service: string, comment: string): string {
  return dump.replaceAll(`"${service}`, `"${service}${comment}`);
}

/** What `ansible -m command` prints of a dump: its lines as strings of JSON, below lines of its own. */
export function ansibleOf(dump: string): string {
  const result = { changed: true, cmd: 'iptables-save', stdout_lines: dump.trimEnd().split('\n') };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
