import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Finding } from '../../../../src/core/finding';
import type { Files } from '../checkText';

/** The real dumps of a sample node, with the cluster's objects. */
function sample(name: string, ...wanted: readonly string[]): Files {
  const node = `samples/${name}/node-a`;
  const dumps = readdirSync(node)
    .filter((file) => wanted.includes(file))
    .map((file): [string, string] => [file, readFileSync(`${node}/${file}`, 'utf8')]);
  const objects = `samples/${name}/objects`;
  const yaml = readdirSync(objects).map((file) => readFileSync(`${objects}/${file}`, 'utf8'));
  return Object.fromEntries([...dumps, ['objects.yaml', yaml.join('\n---\n')]]);
}

export const iptables = sample(
  'kubernetes-1.36-iptables',
  'iptables-save.txt',
  'ip-addr.txt',
  'ip-route.txt',
);
export const ipvs = sample(
  'kubernetes-1.36-ipvs',
  'iptables-save.txt',
  'ip-addr.txt',
  'ip-route.txt',
  'ipset-save.txt',
  'ipvsadm-Ln.txt',
);
export const nftables = sample(
  'kubernetes-1.36-nftables',
  'nft-list-ruleset.txt',
  'ip-addr.txt',
  'ip-route.txt',
);

/** A change of one file; fails where the text is not there. */
export type Edit = readonly [file: string, from: string | RegExp, to: string];

export function edited(files: Files, edits: readonly Edit[]): Files {
  const all: Record<string, string> = { ...files };
  for (const [file, from, to] of edits) {
    const before = all[file] ?? '';
    const after = from === '' ? `${before}${to}` : before.replace(from, to);
    assert.notEqual(after, before, `${String(from)} in ${file}`);
    all[file] = after;
  }
  return all;
}

export const rules = 'iptables-save.txt';
/** The edit that brings a code about, and one that is nearly the same and does not. */
export interface Case {
  readonly code: string;
  readonly base: Files;
  readonly raise: readonly Edit[];
  readonly near: readonly Edit[];
  /** Of the message. */
  readonly says: RegExp;
  /** Of a message of the same code that `near` has instead. */
  readonly nearSays?: RegExp;
  /** Where it is not always the code's own. */
  readonly severity?: Finding['severity'];
}
