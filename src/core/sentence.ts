/** A clause as the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A sentence, English or Chinese, as a part of another one. */
export function withoutStop(sentence: string): string {
  return sentence.replace(/[.。]$/, '');
}
