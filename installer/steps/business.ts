import { z } from 'zod';
import {
  chooseModules,
  chooseParameters,
  moduleChoices,
  modulesWithoutNeeds,
  parameterChoices,
} from '../../src/app/founding';
import { text } from '../../src/platform/checks';
import { isFresh, withProduct } from './company';
import { listed, type SetupQuestion, type SetupStep } from './environment';

export const modulesStep: SetupStep = {
  id: 'modules',
  title: text('setup:modules.title'),
  say: text('setup:modules.say'),
  when: (context) => isFresh(context),
  questions: () => [
    {
      id: 'modules',
      kind: 'multi',
      label: text('setup:modules.question'),
      help: text('setup:modules.help'),
      schema: z.array(z.string()).refine((wanted) => modulesWithoutNeeds(wanted).length === 0, 'setup:error.modules'),
      default: () => moduleChoices().map(({ name }) => name),
      choices: () => moduleChoices().map(({ name }) => ({ value: name, label: text(`${name}:module`) })),
    },
  ],
  fact: (context) =>
    text('setup:modules.fact', { count: listed(context, 'modules').length, total: moduleChoices().length }),
  plan: (context) => [
    text('setup:modules.plan', { count: listed(context, 'modules').length, total: moduleChoices().length }),
  ],
  apply: async (context) => {
    const changed = await withProduct(context, (services) => chooseModules(services, listed(context, 'modules')));
    return text('setup:modules.done', { count: changed });
  },
};

const idOf = (module: string, key: string): string => `parameters.${module}.${key}`;

export const parametersStep: SetupStep = {
  id: 'parameters',
  title: text('setup:parameters.title'),
  say: text('setup:parameters.say'),
  when: (context) => isFresh(context),
  questions: () =>
    parameterChoices().map(({ module, key, kind, initial, schema }): SetupQuestion => ({
      id: idOf(module, key),
      kind,
      label: text(`${module}:parameter.${key}`),
      schema,
      default: () => initial,
      when: (context) =>
        listed(context, 'modules').includes(module) || !moduleChoices().some((one) => one.name === module),
    })),
  plan: () => [text('setup:parameters.plan')],
  apply: async (context) => {
    const { answers } = context;
    const values: Record<string, Record<string, unknown>> = {};
    for (const { module, key } of parameterChoices()) {
      const value = answers[idOf(module, key)];
      if (value !== undefined) (values[module] ??= {})[key] = value;
    }
    const changed = await withProduct(context, (services) => chooseParameters(services, values));
    return text('setup:parameters.done', { count: changed });
  },
};
