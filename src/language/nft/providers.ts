import * as vscode from 'vscode';
import { percent } from '../../core/percent';
import { hoverOf } from '../../workspace/hover/hoverOf';
import type { NftDocument, NftDocuments } from '../../workspace/nftDocuments';
import { rangeOf } from '../../workspace/places';
import { sharesChange, showsShares } from '../sharesShown';
import { nftHoverAt } from './hover/hoverAt';
import { sharesOf } from './hover/shareHover';
import { ruleAt } from './place';

/** Hovers for nft listings. */
export function nftHoverProvider(documents: NftDocuments): vscode.HoverProvider {
  return {
    async provideHover(document, { line, character }, token) {
      const listing = await documents.open(document, token);
      const content = listing && nftHoverAt(listing, line, character);
      if (!content) return undefined;
      return hoverOf(content.blocks, rangeOf({ line, ...content }));
    },
  };
}

/** Behind a choice by chance, the share that each of its endpoints gets, while the setting is on. */
export function nftInlayHintsProvider(documents: NftDocuments): vscode.InlayHintsProvider {
  return {
    onDidChangeInlayHints: sharesChange(documents),
    async provideInlayHints(document, { start, end }, token) {
      if (!showsShares(document)) return [];
      const listing = await documents.open(document, token);
      return listing ? [...hintsIn(listing, start.line, end.line)] : [];
    },
  };
}

function* hintsIn(listing: NftDocument, first: number, last: number): Generator<vscode.InlayHint> {
  for (let line = first; line <= last; line++) {
    if (!listing.lines.line(line).includes('numgen')) continue;
    for (const statement of ruleAt(listing, line)?.rule.statements ?? []) {
      const choice = sharesOf(statement);
      const shares = new Set(choice?.shares.map(({ share }) => share));
      const [share] = shares;
      if (!choice || share === undefined || choice.numgen.range.line !== line) continue;
      // Unequal shares stand in the hover, one by one.
      if (shares.size > 1) continue;
      const text = vscode.l10n.t('= {0} each', percent(share));
      const at = new vscode.Position(line, choice.numgen.range.end);
      const hint = new vscode.InlayHint(at, text);
      hint.paddingLeft = true;
      yield hint;
    }
  }
}
