// The formats of a review, each a pure function of it.
import { junitOf } from './junit';
import { markdownOf } from './markdown';
import type { PrintedReview } from './printed';
import { sarifOf } from './sarif';
import { reviewText } from './text';

export const FORMATS = ['text', 'markdown', 'json', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];

export interface Printing {
  /** Lines of text are folded there. */
  readonly width: number;
  /** Of this tool. */
  readonly version: string;
}

/** Ends with a line break. */
export function rendered(format: Format, review: PrintedReview, { width, version }: Printing): string {
  switch (format) {
    case 'text':
      return reviewText(review, width);
    case 'markdown':
      return markdownOf(review);
    case 'json':
      return `${JSON.stringify(review)}\n`;
    case 'sarif':
      return sarifOf(review, version);
    case 'junit':
      return junitOf(review);
  }
}
