/**
 * Run in a process of its own: loads the built extension and activates it, with a stand-in for VS
 * Code whose every member is a function that does nothing. Prints milliseconds of the extension's own
 * code: `LOAD ACTIVATE`.
 */
import { register } from 'node:module';

register('./vscodeStub.js', import.meta.url);
const { stub } = await import('vscode');
const start = performance.now();
const { activate } = await import('../dist/extension.js');
const loaded = performance.now();
activate(stub);
console.log(`${loaded - start} ${performance.now() - loaded}`);
process.exit(0);
