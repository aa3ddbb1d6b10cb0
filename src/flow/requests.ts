interface Open<Answer> {
  resolve(answer: Answer): void;
  reject(reason: Error): void;
}

/**
 * Pairs the answers that the other side sends with the requests that they are of, by a number that
 * both carry. One for each kind of request, on either side of the panel.
 */
export class Requests<Answer> {
  private readonly open = new Map<number, Open<Answer>>();
  private last = 0;

  /** @param send Sends the request with this number. */
  ask(send: (request: number) => void): Promise<Answer> {
    const request = ++this.last;
    return new Promise((resolve, reject) => {
      this.open.set(request, { resolve, reject });
      send(request);
    });
  }

  /** The other side's answer, or why there is none. One that nobody waits for any more is dropped. */
  answer(request: number, answer: Answer | Error): void {
    const waiting = this.open.get(request);
    this.open.delete(request);
    if (answer instanceof Error) waiting?.reject(answer);
    else waiting?.resolve(answer);
  }

  /** No answer is wanted any more: whoever waits gets the reason. */
  end(reason = new Error('no answer is wanted any more')): void {
    for (const request of [...this.open.keys()]) this.answer(request, reason);
  }
}
