import { programmed } from '../../../src/core/kubeproxy/programmed';
import { finish } from '../../../src/core/work';
import { edited, rules, type Edit } from '../findings/cases/case';
import { routed } from '../findings/cases/small';
import type { Files } from '../findings/checkText';
import { nodeOf } from '../flow/sampleNode';

/** A node that a test writes down, by its name. */
export async function read(name: string, files: Files) {
  return (await nodeOf(new Map(Object.entries(files)), name)).node;
}

/** The small node, edited. */
export const small = (name: string, ...edits: readonly Edit[]) => read(name, edited(routed, edits));

/** A side of a comparison. */
export async function sideOf(name: string, files: Files) {
  const node = await read(name, files);
  return { name, node, what: finish(programmed(node)) };
}

/** A rule, or what begins a line, before the first of a chain. */
export const first = (chain: string, rule: string): Edit => [
  rules,
  new RegExp(`^-A ${chain} `, 'm'),
  `-A ${chain} ${rule}\n$&`,
];

const letter = (n: number) => String.fromCharCode(55 + n);

/** The small node's Service that many times more, each with a ClusterIP of its own. */
export function copies(count: number): Edit {
  const own = routed[rules]!.split('\n').filter(
    (line) => line.includes('DC3OOLRZIWFKJHLB') && !line.includes('NODEPORTS'),
  );
  const all = Array.from({ length: count }, (_, i) => i + 10).flatMap((n) =>
    own.map((line) =>
      line
        .replaceAll('DC3OOLRZIWFKJHLB', `COPYCOPYCOPYCO${letter(n)}A`)
        .replaceAll('10.99.205.136', `10.99.205.${n}`)
        .replaceAll('default/whoami', `default/copy${n}`),
    ),
  );
  const declared = all.filter((line) => line.startsWith(':'));
  const rest = all.filter((line) => line.startsWith('-A'));
  return [
    rules,
    /^:KUBE-SVC-[^]*?\n(?=-A KUBE-SERVICES )/m,
    [...declared, `$&${rest.join('\n')}`, ''].join('\n'),
  ];
}
