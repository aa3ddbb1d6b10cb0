import { addressKey, type Address, type AddressKey } from '../address';
import type { Work } from '../work';
import { append } from '../append';

/** Rows that are gone over between two pauses: a millisecond or two. */
const rowsAtOnce = 2000;

interface Index {
  readonly byAddress: ReadonlyMap<AddressKey, readonly number[]>;
  /** Rows without an address. */
  readonly others: readonly number[];
}

const indices = new WeakMap<readonly unknown[], Index>();

/**
 * The rows of a table that have one of the addresses, and those that have none at all, in their order:
 * of 100,000 connections the few of a packet, without going over all for each packet.
 *
 * @param addressesOf always the same for the same table, whose rows never change
 */
export function* rowsWith<Row>(
  rows: readonly Row[],
  addressesOf: (row: Row) => readonly Address[],
  asked: readonly Address[],
): Work<readonly Row[]> {
  let index = indices.get(rows);
  if (!index) indices.set(rows, (index = yield* indexRows(rows, addressesOf)));
  const found = new Set(index.others);
  for (const address of asked) {
    for (const i of index.byAddress.get(addressKey(address)) ?? []) found.add(i);
  }
  return [...found].sort((left, right) => left - right).map((i) => rows[i]!);
}

function* indexRows<Row>(
  rows: readonly Row[],
  addressesOf: (row: Row) => readonly Address[],
): Work<Index> {
  const byAddress = new Map<AddressKey, number[]>();
  const others: number[] = [];
  for (const [i, row] of rows.entries()) {
    if (i % rowsAtOnce === rowsAtOnce - 1) yield;
    const addresses = addressesOf(row);
    if (addresses.length === 0) others.push(i);
    for (const address of addresses) {
      const key = addressKey(address);
      append(byAddress, key, i);
    }
  }
  return { byAddress, others };
}
