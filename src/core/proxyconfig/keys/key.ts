import * as l10n from '@vscode/l10n';

/** How kube-proxy routes Services on Linux. */
export type ProxyMode = 'iptables' | 'ipvs' | 'nftables';

/** What a value must be: `duration` is text such as `30s`, `strings` a list of texts. */
export type KeyType =
  'string' | 'boolean' | 'integer' | 'number' | 'duration' | 'strings' | 'map' | 'any';

/** One key of KubeProxyConfiguration. */
export interface ConfigKey {
  /** Dotted: `iptables.masqueradeBit`. */
  readonly path: string;
  readonly type: KeyType;
  /** One or two sentences. */
  readonly meaning: string;
  /** The first minor version of Kubernetes 1.x that has it; undefined: 1.9 or older. */
  readonly since?: number;
  /** The last that has it; undefined: 1.36 still has. */
  readonly until?: number;
  /** Oldest first. Without any, no default is known. */
  readonly defaults?: readonly KeyDefault[];
  /** The modes that use it; undefined: all. */
  readonly modes?: readonly ProxyMode[];
  /** Inclusive. */
  readonly limits?: readonly [number, number];
  readonly values?: readonly KeyChoice[];
}

export interface KeyDefault {
  /** From which minor version on; undefined: since the key exists. */
  readonly since?: number;
  readonly value: string;
}

/** One of the texts that a key may be. */
export interface KeyChoice {
  readonly value: string;
  /** One sentence. */
  readonly meaning: string;
  readonly since?: number;
  readonly until?: number;
}

/** Whether a release has the key or the value. */
export function knownIn(
  { since = 0, until = Infinity }: Pick<ConfigKey, 'since' | 'until'>,
  minor: number,
): boolean {
  return since <= minor && minor <= until;
}

/** `since 1.26`, `from 1.10 to 1.25`, `up to 1.15`; undefined for all releases. */
export function releases({ since, until }: Pick<ConfigKey, 'since' | 'until'>): string | undefined {
  if (since !== undefined && until !== undefined) return l10n.t`from 1.${since} to 1.${until}`;
  if (since !== undefined) return l10n.t`since 1.${since}`;
  return until === undefined ? undefined : l10n.t`up to 1.${until}`;
}

/** The default that one release has. */
export function defaultIn(key: ConfigKey, minor: number): string | undefined {
  return key.defaults?.findLast(({ since = 0 }) => since <= minor)?.value;
}

/** `1s since 1.19, 0s before`; undefined where no default is known. */
export function defaultHistory({ defaults = [], since: first }: ConfigKey): string | undefined {
  if (defaults.length === 0) return undefined;
  const newestFirst = [...defaults].reverse();
  return newestFirst
    .map(({ since, value }, i) => {
      if (since !== undefined && since !== first) return l10n.t`${value} since 1.${since}`;
      return i === 0 ? value : l10n.t`${value} before`;
    })
    .join(l10n.t(', '));
}
