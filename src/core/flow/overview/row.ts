import { known, type Fact } from '../../fact';
import {
  endpointAgreement,
  type EndpointAgreement,
  type PortObjects,
} from '../../expected/agreement/endpoints';
import type { ProgrammedService } from './programmed';

/** One node of the overview of a Service port: all that is told of it. */
export interface OverviewRow extends EndpointAgreement {
  readonly mode: Fact<string>;
  /** How many endpoints its rules have; `absent` where no rule is about the Service port. */
  readonly programmed: Fact<number | 'absent'>;
  readonly ends: Fact<readonly string[]>;
  /** As `NodeState.captured`. */
  readonly captured: string | undefined;
  /** As `NodeState.partial`. */
  readonly partial?: string;
}

/** Compares what a node has with what it should have. */
export function overviewRow(programmed: ProgrammedService, objects: PortObjects): OverviewRow {
  const { mode, ends, captured, partial, endpoints, otherRules } = programmed;
  const { expected, missing, stale } = endpointAgreement(programmed, objects);
  const isThere = 'value' in endpoints && endpoints.value !== undefined;
  return {
    mode,
    programmed:
      'unknown' in endpoints
        ? endpoints
        : known(endpoints.value ? endpoints.value.all.length : 'absent'),
    expected,
    missing: isThere ? withRules(missing, otherRules?.missing) : missing,
    stale: withRules(stale, otherRules?.stale),
    ends,
    captured,
    ...(partial === undefined ? {} : { partial }),
  };
}

/** `2 rules in KUBE-EXT-...` behind the endpoints. */
function withRules(
  endpoints: Fact<readonly string[]>,
  rules: readonly string[] = [],
): Fact<readonly string[]> {
  return 'value' in endpoints ? known([...endpoints.value, ...rules]) : endpoints;
}
