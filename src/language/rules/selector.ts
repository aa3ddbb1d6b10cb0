import type { DocumentSelector } from 'vscode';

/** Dumps of iptables, wherever they come from: files, untitled texts, live nodes. */
export const iptablesDumps: DocumentSelector = { language: 'iptables-save' };
