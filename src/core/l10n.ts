import * as vscodeL10n from '@vscode/l10n';

/** A text's fixed pieces, with the argument that stands behind each but the last. */
interface Template {
  readonly pieces: readonly string[];
  readonly order: readonly number[];
}

/** By the place in the code, each of which has one array of strings. */
const templates = new WeakMap<TemplateStringsArray, Template>();

/**
 * For texts that are made by the thousand, as each step of each trace is: `l10n.t` of @vscode/l10n
 * looks the text up and searches it for its arguments each time, this only the first time.
 */
export const l10n = {
  /** As a tag of a template: l10n.t`back to ${chain}`. */
  t(strings: TemplateStringsArray, ...values: readonly (string | number | undefined)[]): string {
    let template = templates.get(strings);
    if (!template) {
      template = read(strings);
      templates.set(strings, template);
    }
    const { pieces, order } = template;
    let text = pieces[0]!;
    for (let i = 0; i < order.length; i++) text += `${values[order[i]!]}${pieces[i + 1]}`;
    return text;
  },
};

function read(strings: TemplateStringsArray): Template {
  const english = strings.reduce((text, piece, i) => `${text}{${i - 1}}${piece}`);
  // Without arguments the text comes as it is in the bundle.
  const parts = vscodeL10n.t(english).split(/\{(\d)\}/);
  return {
    pieces: parts.filter((_, i) => i % 2 === 0),
    order: parts.filter((_, i) => i % 2 === 1).map(Number),
  };
}
