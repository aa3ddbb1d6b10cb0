import * as l10n from '@vscode/l10n';
import { missing } from '../../missing';
import type { SourceRange } from '../../source';
import type { ProxyNode } from '../node';
import type { ProxySettings } from '../settings';

/**
 * Whether a node shows a key's value: `applied` and `differs` are proved by its dumps, `unused` says
 * that kube-proxy doesn't read the key in this mode.
 */
export type Verdict = 'applied' | 'differs' | 'unknown' | 'unused';

/** What one node's dumps say of one key. */
export interface Comparison {
  readonly node: string;
  readonly verdict: Verdict;
  /** One or two sentences. */
  readonly text: string;
  /** The rule, virtual server or line that shows it. */
  readonly evidence?: SourceRange;
}

/** What a comparison finds before it is known whose dumps these are. */
export type Outcome = Omit<Comparison, 'node'>;

export type Compare = (settings: ProxySettings, node: ProxyNode) => Outcome | undefined;

export function applied(text: string, evidence?: SourceRange): Outcome {
  return { verdict: 'applied', text, evidence };
}

export function differs(text: string, evidence?: SourceRange): Outcome {
  return { verdict: 'differs', text, evidence };
}

export function unknown(text: string, evidence?: SourceRange): Outcome {
  return { verdict: 'unknown', text, evidence };
}

/** What `command` prints would show it. */
export function lacks(command: string): Outcome {
  return unknown(l10n.t`${missing(command)}.`);
}

export function unused(text: string): Outcome {
  return { verdict: 'unused', text };
}

export function unusedInMode(mode: string): Outcome {
  return unused(l10n.t`Mode ${mode} does not use it.`);
}
