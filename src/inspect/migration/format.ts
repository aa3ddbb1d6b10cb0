import type { OraclePacket } from '../oracle/format';
import type { RecordedCase } from '../expected/case';

/** A cluster whose packets a kernel answered under both modes (migration/README.md). */
export interface MigrationCase extends Pick<RecordedCase, 'name' | 'config' | 'objects' | 'addrs'> {
  readonly topology: {
    readonly interfaces: readonly { readonly name: string }[];
    readonly sysctl: Readonly<Record<string, number | string>>;
  };
  readonly routes_all: string;
  /** iptables rules of the host itself. */
  readonly beside?: string;
  readonly packets: readonly MigrationPacket[];
}

export interface MigrationPacket {
  readonly kind: string;
  readonly packet: OraclePacket;
  /** A second connection of the same client. */
  readonly then?: OraclePacket;
  /** The answers are those to the first reply. */
  readonly reply?: boolean;
  readonly iptables: MigrationAnswer;
  readonly nftables: MigrationAnswer;
  readonly differs: readonly string[];
}

export interface MigrationAnswer {
  readonly verdict: string | readonly string[];
  readonly hears: string | readonly string[];
  readonly reject_reply?: string | readonly string[];
  readonly destinations?: readonly string[];
  readonly source?: string | readonly string[];
  readonly delivered?: string | readonly string[];
  readonly sticks?: string;
  readonly outcomes?: readonly { readonly count: number; readonly destination?: string }[];
}
