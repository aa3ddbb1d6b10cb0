import * as l10n from '@vscode/l10n';
/** Something in a dump that only some releases of kube-proxy write. */
export interface ReleaseSign {
  /** Minor releases, inclusive; without `since` any older one, without `until` any newer one. */
  readonly since?: number;
  readonly until?: number;
  /** Names what is seen or missing: `chains KUBE-EXT-`. */
  readonly text: string;
}

/** Which releases wrote a dump, and what tells it. */
export interface ReleaseRange {
  readonly since: number;
  /** undefined: the newest that is known, or later. */
  readonly until: number | undefined;
  /** Those that narrow it down, the oldest limit first. */
  readonly signs: readonly ReleaseSign[];
}

/** `1.36 or later`, `1.20`, `1.24 to 1.26`, `1.9 or older`. */
export function formatReleases({ since, until }: ReleaseRange): string {
  if (until === undefined) return l10n.t`1.${since} or later`;
  if (since === until) return `1.${since}`;
  return since <= oldest ? l10n.t`1.${until} or older` : l10n.t`1.${since} to 1.${until}`;
}

/** Older ones are not told apart. */
export const oldest = 2;
