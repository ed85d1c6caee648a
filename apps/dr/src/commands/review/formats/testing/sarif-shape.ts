// The objects of SARIF 2.1.0 that a review uses, as the standard has them (sections 3.13 to 3.58), and what code scanning asks on top.
// Nothing beside what is named here: a property that is misspelt is one that the standard does not have. For tests.
import * as z from 'zod';

const LEVELS = ['none', 'note', 'warning', 'error'] as const;
const level = z.enum(LEVELS);
const text = z.string().min(1);
/** 3.11: of the two ways to give a message, the text. */
const message = z.strictObject({ text });
const uri = z.url();

/** 3.49; code scanning asks for both descriptions and the help. */
const rule = z.strictObject({
  id: text,
  shortDescription: z.strictObject({ text: text.max(1024) }),
  fullDescription: z.strictObject({ text: text.max(1024) }),
  help: z.strictObject({ text }),
  helpUri: uri.optional(),
  defaultConfiguration: z.strictObject({ level }),
  properties: z.strictObject({
    precision: z.enum(['very-high', 'high', 'medium', 'low']),
    'problem.severity': z.enum(['error', 'warning', 'recommendation']),
    tags: z.array(text),
  }),
});

const count = z.int().min(1);
/** 3.30; code scanning asks for all four. The end column is that of the character after the region. */
const region = z
  .strictObject({ startLine: count, startColumn: count, endLine: count, endColumn: count })
  .refine((one) => one.endLine > one.startLine || (one.endLine === one.startLine && one.endColumn > one.startColumn));

/** A path from the root of the repository, as a URI reference: no scheme, no backslash, no blank, no way up. */
const path = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))(?:[A-Za-z0-9\-._~!$&'()*+,;=@/]|%[0-9A-F]{2})+$/);

/** 3.28 and 3.33. */
const location = z.strictObject({
  physicalLocation: z.strictObject({ artifactLocation: z.strictObject({ uri: path }), region }),
  logicalLocations: z.array(z.strictObject({ fullyQualifiedName: text, kind: text })),
});

/** 3.27; code scanning asks for a location and the fingerprint. */
const result = z.strictObject({
  ruleId: text,
  ruleIndex: z.int().min(0),
  level,
  message,
  locations: z.array(location).length(1),
  partialFingerprints: z.strictObject({ primaryLocationLineHash: z.string().regex(/^[0-9a-f]{16}:[1-9]\d*$/) }),
  suppressions: z
    .array(z.strictObject({ kind: z.literal('external'), status: z.literal('accepted'), justification: text }))
    .length(1)
    .optional(),
});

/** 3.58. */
const notification = z.strictObject({ descriptor: z.strictObject({ id: text }).optional(), level, message });

/** 3.13, 3.14, 3.18 to 3.20. */
export const SARIF = z.strictObject({
  $schema: uri,
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z
        .strictObject({
          tool: z.strictObject({
            driver: z.strictObject({
              name: text,
              semanticVersion: z.string().regex(/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/),
              rules: z.array(rule),
            }),
          }),
          automationDetails: z.strictObject({ id: text }),
          columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
          invocations: z.array(
            z.strictObject({ executionSuccessful: z.boolean(), toolExecutionNotifications: z.array(notification) }),
          ),
          results: z.array(result),
        })
        .refine(({ tool, results }) =>
          results.every(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId),
        )
        .refine(({ tool }) => new Set(tool.driver.rules.map(({ id }) => id)).size === tool.driver.rules.length),
    )
    .length(1),
});
