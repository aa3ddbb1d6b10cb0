import type { Statement } from '../../../core/rules/statement';
import type { Reader } from '../text/reader';

/** `xt match "physdev"`, `xt target "MASQUERADE"`: of iptables-nft, with arguments that nft can't print. */
export function readXt(reader: Reader): Statement | undefined {
  const from = reader.at;
  reader.at++;
  const what = reader.takeOneOf(['match', 'target'] as const);
  const name = what && reader.takeText();
  if (name === undefined) return undefined;
  const [text, range] = [reader.text(from), reader.range(from)];
  return what === 'match'
    ? { kind: 'unmodelled', name, text, range }
    : { kind: 'unmodelled-target', name, text, range };
}

/**
 * What nft before 0.9.1 prints of a part of iptables-nft: `# match-set KUBE-CLUSTER-IP dst,dst`, `# xt_tcp`,
 * `# TPROXY redirect 127.0.0.1:42133 mark 0x200/0xffffffff`. It reaches up to the counter that every
 * such rule has; behind the counter stands the target.
 */
export function readHidden(reader: Reader): Statement {
  const from = reader.at++;
  const name = reader.word();
  const counted = reader.tokens.slice(0, from).some(({ text }) => text === 'counter');
  while (!reader.done && reader.word() !== 'counter' && reader.word() !== '#') reader.at++;
  const [text, range] = [reader.text(from), reader.range(from)];
  return counted
    ? { kind: 'unmodelled-target', name, text, range }
    : { kind: 'unmodelled', name, text, range };
}
