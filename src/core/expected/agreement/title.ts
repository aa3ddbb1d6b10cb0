import { formatServicePortName, servicePortNamesIn } from '../../kubeproxy/names';
import type { RuleDifference } from '../compare/chains';
import type { ExpectedRuleset } from '../rules';

/**
 * The Service port that a difference is of, `shop/cart:grpc`; of what should not be there and names
 * none, its own text. undefined for what every node has.
 */
export function titleOf(
  { expected: rule, wanted, actual, chain, table }: RuleDifference,
  expected: ExpectedRuleset,
): string | undefined {
  const known = expected.tables.get(table)?.chains.get(chain);
  const port = (rule ?? wanted)?.servicePort ?? known?.servicePort;
  if (port) return formatServicePortName(port.name);
  const text = actual?.text ?? '';
  const inName = chainName.exec(chain) ?? chainName.exec(/ goto (\S+)$/.exec(text)?.[1] ?? '');
  if (inName) {
    const [, namespace = '', name = '', own = ''] = inName;
    return formatServicePortName({ namespace, name, port: own });
  }
  const comment = /comment "([^"]*)"/.exec(text)?.[1];
  const [named] = servicePortNamesIn(comment ?? '');
  if (named) return formatServicePortName(named);
  return isOfSomeService(table, chain, text) ? `${chain} ${text}` : undefined;
}

/** `service-LX3JQ64U-default/whoami/tcp/`. */
const chainName =
  /^(?:service|local|external|firewall|endpoint)-[A-Z2-7]{8}-([^/]+)\/([^/]+)\/[a-z]+\/([^_]*)/;

/** Elements of sets, virtual servers and addresses: of none that the objects have. */
function isOfSomeService(table: string, chain: string, text: string): boolean {
  if (text === '') return false;
  if (table === 'ipvs' || table === 'kube-ipvs0') return true;
  return chain.startsWith('@') && /^[\da-f]/.test(text) && !setHead.test(text);
}

/** `flags dynamic,timeout`, `bitmap:port`: lines of a set's head that begin like an address. */
const setHead =
  /^(?:flags|comment|elements|bitmap:|counter|auto-merge|gc-interval|element|expires) ?/;
