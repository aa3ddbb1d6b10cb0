import type { Statement } from '../../../core/rules/statement';
import { readSelector } from '../expressions/selector';
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
 * What old versions of nft print of a part of iptables-nft: `# match-set KUBE-CLUSTER-IP dst,dst`,
 * `# xt_tcp`, `# TPROXY redirect 127.0.0.1:42133 mark 0x200/0xffffffff`. A match reaches up to what nft
 * knows again, at the latest the counter that every such rule has; behind the counter stands the target.
 *
 * @param counted whether the rule has had its counter
 */
export function readHidden(reader: Reader, counted: boolean): Statement {
  const from = reader.at++;
  const name = reader.word();
  while (!reader.done && !/^(counter|#)$/.test(reader.word())) {
    if (!counted && reader.at > from + 1 && beginsMatch(reader)) break;
    reader.at++;
  }
  const [text, range] = [reader.text(from), reader.range(from)];
  return counted
    ? { kind: 'unmodelled-target', name, text, range }
    : { kind: 'unmodelled', name, text, range };
}

/** `meta mark`, `ip saddr`: two words, as the arguments of an extension may be one of nft's. */
function beginsMatch(reader: Reader): boolean {
  const from = reader.at;
  const selector = readSelector(reader);
  const words = reader.at - from;
  reader.at = from;
  return selector !== undefined && words > 1;
}
