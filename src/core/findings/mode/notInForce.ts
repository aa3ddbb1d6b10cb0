import * as l10n from '@vscode/l10n';
import { modeContradiction } from '../../kubeproxy/mode/judge';
import { fileName } from '../../source';
import type { Check } from '../check';

/** kube-proxy reads its configuration when it starts: during a roll-out nodes still have the old rules. */
export const modeNotInForce: Check = {
  code: 'mode-not-in-force',
  severity: 'warning',
  title: l10n.t("kube-proxy's mode and the rules in force differ"),
  *find({ node }) {
    const seen = modeContradiction(node);
    if (!seen) return;
    const { said, inForce, shown } = seen;
    const from = fileName(said.range.source);
    yield {
      message: !shown
        ? l10n.t`${from} says ${said.mode} mode, and rules of ${inForce.mode} mode are in force: whether those of ${said.mode} mode are as well is not known.`
        : said.weight === 'runs'
          ? l10n.t`kube-proxy runs in ${said.mode} mode (${from}), but the rules in force are of ${inForce.mode} mode: it has not written its own yet, or can't.`
          : l10n.t`${from} says ${said.mode} mode, but the rules in force are of ${inForce.mode} mode: kube-proxy was not started with it yet, or starts with another.`,
      ...(shown ? {} : { severity: 'information' as const }),
      range: inForce.range,
      related: [{ message: l10n.t`says ${said.mode} mode`, range: said.range }],
    };
  },
};
