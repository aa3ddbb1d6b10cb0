import * as l10n from '@vscode/l10n';
import type { Severity } from '../src/core/finding';
import type { Tone } from '../src/core/flow/words/verdict';
import type { ShownFinding } from '../src/flow/protocol';
import { html } from './dom';
import './findingList.css';
import { signOf } from './headline';

export interface FindingListEvents {
  /** Its place in the dump; `peek` with all that has to do with it. */
  open(at: number, peek: boolean): void;
  /** What stands for it in the picture. */
  light(finding: ShownFinding): void;
}

/** So many are shown before one asks for the rest. */
const mostShown = 3;

const tones: Readonly<Record<Severity, Tone>> = {
  error: 'bad',
  warning: 'mixed',
  information: 'unknown',
};

const severityNames = (): Readonly<Record<Severity, string>> => ({
  error: l10n.t('Error'),
  warning: l10n.t('Warning'),
  information: l10n.t('Information'),
});

/** The list above the graph of what is wrong with what it shows, the worst first. */
export function createFindingList(on: FindingListEvents) {
  const list = html('ul', {});
  const more = html('button', { class: 'rest' });
  const element = html(
    'section',
    { class: 'findings', hidden: true, 'aria-label': l10n.t('Findings') },
    list,
    more,
  );
  let shown: readonly ShownFinding[] = [];
  let all = false;

  const draw = () => {
    const rows = shown.slice(0, all ? shown.length : mostShown).map(rowOf);
    list.replaceChildren(...rows);
    const left = shown.length - rows.length;
    more.hidden = left === 0;
    more.textContent = l10n.t('{0} more', left);
    element.hidden = shown.length === 0;
  };

  const rowOf = (finding: ShownFinding, at: number) => {
    const { severity, message } = finding;
    const name = `${severityNames()[severity]}: ${message}`;
    const button = html('button', { 'aria-label': name }, signOf(tones[severity]), message);
    button.addEventListener('click', (event) => on.open(at, event.detail > 1));
    for (const come of ['focus', 'mouseenter']) {
      button.addEventListener(come, () => on.light(finding));
    }
    return html('li', { class: severity }, button);
  };

  more.addEventListener('click', () => {
    all = true;
    draw();
    list.querySelectorAll('button')[mostShown]?.focus();
  });

  return {
    element,
    /** @param findings none where nothing is wrong, or nothing is known yet */
    show(findings: readonly ShownFinding[]) {
      shown = findings;
      all = false;
      draw();
    },
  };
}
