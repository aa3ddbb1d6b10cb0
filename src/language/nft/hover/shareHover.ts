import * as l10n from '@vscode/l10n';
import { percent } from '../../../core/percent';
import type { Expression, NumgenExpression } from '../../../core/rules/expression';
import type { SetElement, SetReference } from '../../../core/rules/set';
import type { Statement } from '../../../core/rules/statement';
import { formatAddress } from '../../../core/address';
import { shortList, type Block } from '../../../workspace/hover/content';

/** What an element of a choice by chance gets: its part of the numbers. */
export interface Share {
  readonly element: SetElement;
  /** From 0 to 1. */
  readonly share: number;
}

/** The choice by chance that a statement makes, with what each of its elements gets of it. */
export function sharesOf(
  statement: Statement,
): { readonly numgen: NumgenExpression; readonly shares: readonly Share[] } | undefined {
  const [key, map] = choiceOf(statement) ?? [];
  if (key?.kind !== 'numgen' || map?.kind !== 'anonymous') return undefined;
  const first = key.offset;
  const last = key.offset + key.modulus - 1;
  const shares = [...map.elements].map((element): Share => {
    const part = element.key?.[0];
    const count =
      part?.kind === 'numbers'
        ? Math.max(0, Math.min(last, part.to) - Math.max(first, part.from) + 1)
        : 0;
    return { element, share: count / key.modulus };
  });
  return { numgen: key, shares };
}

function choiceOf(statement: Statement): readonly [Expression, SetReference] | undefined {
  if (statement.kind === 'vmap') return [statement.key, statement.map];
  if (statement.kind !== 'DNAT' || statement.toAddress?.kind !== 'map') return undefined;
  return [statement.toAddress.key, statement.toAddress.map];
}

/** The endpoints of a choice with their shares of new connections. */
export function shareBlocks(statement: Statement): Block[] {
  const choice = sharesOf(statement);
  if (!choice || choice.shares.length === 0) return [];
  const each = choice.numgen.mode === 'random' ? l10n.t('by chance') : l10n.t('in turn');
  return [
    [l10n.t`${choice.shares.length} choices, taken ${each}:`],
    shortList(choice.shares, ({ element, share }) => [`${goal(element)} ${percent(share)}`]),
  ];
}

function goal({ data }: SetElement): string {
  if (data?.kind === 'verdict') {
    const { verdict } = data;
    return verdict.kind === 'jump' || verdict.kind === 'goto'
      ? verdict.chain
      : verdict.kind.toLowerCase();
  }
  if (data?.kind !== 'values') return 'unknown';
  const [address, port] = data.values;
  const host = address?.kind === 'address' ? formatAddress(address.address) : '';
  return port?.kind === 'number' ? `${host}:${port.number}` : host;
}
