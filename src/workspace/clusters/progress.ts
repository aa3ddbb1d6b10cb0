import * as vscode from 'vscode';

/** What takes longer than this shows its progress, and can be cancelled. */
const quiet = 1000;

/** Runs a task; after a second, a notification shows its steps and cancels it. */
export async function withLateProgress<T>(
  title: string,
  task: (signal: AbortSignal, report: (step: string) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let last = '';
  let show: (step: string) => void = (step) => (last = step);
  const running = task(controller.signal, (step) => show(step));
  const timer = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => controller.abort());
        show = (message) => progress.report({ message });
        show(last);
        await running.catch(() => undefined);
      },
    );
  }, quiet);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
  }
}
