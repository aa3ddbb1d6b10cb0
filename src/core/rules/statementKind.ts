import type { Action, NftAction, Statement } from './statement';
import type { Target } from './target';

const targets: Readonly<Record<Target['kind'], true>> = {
  jump: true,
  goto: true,
  ACCEPT: true,
  DROP: true,
  RETURN: true,
  QUEUE: true,
  REJECT: true,
  MARK: true,
  CONNMARK: true,
  DNAT: true,
  SNAT: true,
  MASQUERADE: true,
  REDIRECT: true,
  NETMAP: true,
  SNPT: true,
  DNPT: true,
  CT: true,
  LOG: true,
  NFLOG: true,
  TRACE: true,
  TCPMSS: true,
  CHECKSUM: true,
  AUDIT: true,
  NFQUEUE: true,
  TPROXY: true,
  SET: true,
  TOS: true,
  DSCP: true,
  TTL: true,
  HL: true,
  'unmodelled-target': true,
};

const nftActions: Readonly<Record<NftAction['kind'], true>> = {
  vmap: true,
  assign: true,
  'set-update': true,
  counter: true,
  CONTINUE: true,
  tproxy: true,
  fwd: true,
  neutral: true,
  unknown: true,
};

const targetKinds: ReadonlySet<string> = new Set(Object.keys(targets));
const actionKinds: ReadonlySet<string> = new Set([...targetKinds, ...Object.keys(nftActions)]);

/** Whether iptables has the statement as a target, too. */
export function isTarget(statement: Statement): statement is Target {
  return targetKinds.has(statement.kind);
}

/** Whether a statement does something, rather than ask. */
export function isAction(statement: Statement): statement is Action {
  return actionKinds.has(statement.kind);
}
