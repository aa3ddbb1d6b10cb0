import { known, type Fact } from '../../fact';
import {
  endpointAgreement,
  type EndpointAgreement,
  type PortObjects,
} from '../../kubeproxy/endpoints/agreement';
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
  const { mode, ends, captured, partial, endpoints } = programmed;
  return {
    mode,
    programmed:
      'unknown' in endpoints
        ? endpoints
        : known(endpoints.value ? endpoints.value.all.length : 'absent'),
    ...endpointAgreement(programmed, objects),
    ends,
    captured,
    ...(partial === undefined ? {} : { partial }),
  };
}
