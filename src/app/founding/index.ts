export { type AcceptanceFinding, acceptProduct } from './acceptance';
export { type AdministratorCommand, firstLink, foundAdministrator, requireGoodPassword } from './administrator';
export {
  chooseModules,
  chooseParameters,
  moduleChoices,
  modulesWithoutNeeds,
  type ParameterChoice,
  parameterChoices,
} from './choices';
export { foundCompany, type FoundingStore } from './company';
export { recordSetup, type SetupRecord } from './record';
export { schemaFound, type SchemaFound } from './schema-found';
