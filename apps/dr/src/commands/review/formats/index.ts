// The formats of a review, each a pure function of it.
import { markdownOf } from './markdown';
import type { PrintedReview } from './printed';
import { reviewText } from './text';

export const FORMATS = ['text', 'markdown', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Ends with a line break. Lines of text are folded at `width`. */
export function rendered(format: Format, review: PrintedReview, width: number): string {
  switch (format) {
    case 'text':
      return reviewText(review, width);
    case 'markdown':
      return markdownOf(review);
    case 'json':
      return `${JSON.stringify(review)}\n`;
  }
}
