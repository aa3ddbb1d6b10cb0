import * as l10n from '@vscode/l10n';
import { noEndpointText } from '../../objects/noEndpointText';
import type { ServiceEntryKind } from '../../service';
import { percent } from '../../percent';
import type { DecidedBy, Outcome } from '../outcome';
import type { Client, FlowVerdict, VerdictPart } from './verdict';
import { list } from '../../list';
import { capital } from '../../sentence';
import { fitted, slot } from '../../spaced';

/**
 * The verdict as one line: `Works for pods and the node; refused from outside (NodePort): no
 * endpoint has a port named htttp`.
 */
export function verdictText({ parts, cause, conditions }: FlowVerdict): string {
  const fates = parts.map((part) => fateText(part)).join(l10n.t('; '));
  const first = fates === '' ? l10n.t('No packet reaches it') : capital(fates);
  const why = cause ? l10n.t('{0}: {1}', first, noEndpointText(cause, l10n)) : first;
  if (conditions.length === 0) return why;
  return fitted(l10n.t('{0}, if {1}', slot(0), slot(1)), why, conditions.join(l10n.t('; ')));
}

function fateText({ fate, who }: VerdictPart): string {
  if (who.length === 0) return ownFateText(fate);
  const serves = fate === 'works' || fate === 'partly' || fate === 'unknown';
  const all = who.map(({ client, via }) => {
    const name = clientText(client, serves);
    return via ? l10n.t('{0} ({1})', name, viaText(via)) : name;
  });
  return fitted(fateOf(fate, slot(0)), list(all));
}

function fateOf(fate: VerdictPart['fate'], all: string): string {
  switch (fate) {
    case 'works':
      return l10n.t('works for {0}', all);
    case 'partly':
      return l10n.t('works only in part for {0}', all);
    case 'refused':
      return l10n.t('refused from {0}', all);
    case 'unreachable':
      return l10n.t('unreachable from {0}', all);
    case 'silence':
      return l10n.t('times out from {0}', all);
    case 'stolen':
      return l10n.t('handed to a program from {0}', all);
    case 'passed':
      return l10n.t('reaches no endpoint from {0}', all);
    case 'unknown':
      return l10n.t('unknown for {0}', all);
  }
}

/** Of one packet, whose sender needs no name. */
function ownFateText(fate: VerdictPart['fate']): string {
  switch (fate) {
    case 'works':
      return l10n.t('delivered');
    case 'partly':
      return l10n.t('delivered only in part');
    case 'silence':
      return l10n.t('lost: the client gets no answer');
    case 'passed':
    case 'refused':
    case 'unreachable':
    case 'stolen':
    case 'unknown':
      return outcomeText({ kind: fate });
  }
}

/** @param serves `works for outside clients`, but `refused from outside`. */
function clientText(client: Client, serves: boolean): string {
  switch (client) {
    case 'pods':
      return l10n.t('pods');
    case 'node':
      return l10n.t('the node');
    case 'outside':
      return serves ? l10n.t('outside clients') : l10n.t('outside');
    case 'barred':
      return l10n.t('sources that its ranges do not allow');
  }
}

function viaText(via: ServiceEntryKind): string {
  switch (via) {
    case 'cluster-ip':
      return l10n.t('ClusterIP');
    case 'node-port':
      return l10n.t('NodePort');
    case 'external-ip':
    case 'external':
      return l10n.t('external IP');
    case 'load-balancer-ip':
      return l10n.t('load balancer IP');
    case 'virtual':
      return l10n.t('virtual server');
  }
}

/** `delivered 3 × 33.3 %`, `refused`, `silence`, `unknown`: what an entry of the list begins with. */
export function outcomeText({ kind, share, endpoints = 0, each }: Outcome): string {
  const part = share !== undefined && share < 1 - 1e-6 ? ` ${percent(share)}` : '';
  switch (kind) {
    case 'delivered':
      if (endpoints === 1) return l10n.t('delivered') + part;
      return each === undefined
        ? l10n.t('delivered to {0} endpoints', endpoints)
        : l10n.t('delivered {0} × {1}', endpoints, percent(each));
    case 'passed':
      return l10n.t('reaches no endpoint') + part;
    case 'refused':
      return l10n.t('refused') + part;
    case 'unreachable':
      return l10n.t('unreachable') + part;
    case 'silence':
      return l10n.t('silence') + part;
    case 'stolen':
      return l10n.t('handed to a program') + part;
    case 'unknown':
      return l10n.t('unknown') + part;
  }
}

/** What did it: `by filter KUBE-SERVICES rule 3`, or why: `the packet loops`. */
export function outcomeReason({ by, reason, condition }: Outcome): string {
  const what = by ? l10n.t('by {0}', decidedText(by)) : (reason ?? '');
  if (!condition) return what;
  return what ? l10n.t('{0}, if {1}', what, condition) : l10n.t('if {0}', condition);
}

function decidedText(by: DecidedBy): string {
  if (by.kind === 'ipvs') return by.text;
  return l10n.t('{0} {1} rule {2}', by.table, by.chain, by.rule);
}
