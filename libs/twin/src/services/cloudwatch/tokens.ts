// A text read token by token: what the rules of composite alarms and metric math have in common.

export class Tokens {
  private readonly tokens: string[] = [];
  private at = 0;

  /** `pattern`: sticky; its first group is a token. `refuse` throws, naming the alarm. */
  constructor(
    text: string,
    pattern: RegExp,
    maxLength: number,
    readonly refuse: (why: string) => never,
  ) {
    if (text.length > maxLength) refuse(`is longer than ${maxLength} characters`);
    pattern.lastIndex = 0;
    while (pattern.lastIndex < text.trimEnd().length) {
      const from = pattern.lastIndex;
      const token = pattern.exec(text)?.[1];
      this.tokens.push(token ?? refuse(`"${text.slice(from).trim()}" is not understood`));
    }
  }

  get next(): string | undefined {
    return this.tokens[this.at];
  }

  take(): string {
    return this.tokens[this.at++] ?? this.refuse('ends too early');
  }

  accept(token: string): boolean {
    if (this.next !== token) return false;
    this.at += 1;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token)) this.refuse(`"${token}" is missing`);
  }

  end(): void {
    if (this.next !== undefined) this.refuse(`"${this.next}" is not expected there`);
  }
}
