import { namedRecordRoutes } from '../../../platform/http';
import { listDepartments } from '../queries/staff';
import { createDepartment, updateDepartment } from '../use-cases/save-department';

export const departmentRoutes = namedRecordRoutes({
  path: '/organization/departments',
  permission: 'organization.department.edit',
  views: 'organization',
  subject: 'organization.department',
  words: {
    title: 'organization:department.title',
    name: 'organization:name',
    newName: 'organization:department.newName',
    state: 'organization:state',
    active: 'organization:department.isActive',
    create: 'organization:department.create',
    created: 'organization:department.created',
    save: 'organization:department.save',
    saved: 'organization:saved',
    empty: 'organization:department.empty',
    emptyHint: 'organization:department.emptyHint',
  },
  list: (ctx) => listDepartments(ctx.read),
  create: (ctx, command, operationKey) => createDepartment(ctx.uow, ctx.actor, command, { operationKey }),
  update: (ctx, command, operationKey) => updateDepartment(ctx.uow, ctx.actor, command, { operationKey }),
});
