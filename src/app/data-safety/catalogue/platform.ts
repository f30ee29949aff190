import type { CatalogueEntry } from './entry';

/** Accounts, sessions, logs and what the program keeps about its own work. */
export const platformData: Record<string, CatalogueEntry> = {
  counter: {
    retention: 'master',
    personal: {},
    rest: 'name nextValue',
  },
  operation: {
    retention: 'operations',
    personal: {
      result: 'payload masked',
    },
    rest: 'operationKey actorId createdAt',
  },
  audit_log: {
    retention: 'audit',
    personal: {
      actorName: 'name plain',
      address: 'network plain',
      detail: 'payload masked',
    },
    rest: 'id at actorId requestId action subjectType subjectId storeId',
  },
  audit_seal: {
    retention: 'audit',
    personal: {},
    rest: 'seq auditId previousHash hash sealedAt',
  },
  outbox_event: {
    retention: 'events',
    personal: {
      payload: 'link plain',
      lastError: 'payload plain',
    },
    rest: 'id name createdAt dueAt deliveredAt attempts',
  },
  user_account: {
    retention: 'master',
    personal: {
      login: 'name plain',
      name: 'name plain',
      passwordHash: 'secret hashed',
      totpSecret: 'secret encrypted',
      lastSignInAt: 'work plain',
    },
    rest: 'id staffId passwordSetAt mustSetPassword locale active totpLastStep createdAt version',
  },
  password_history: {
    retention: 'accounts',
    personal: {
      passwordHash: 'secret hashed',
    },
    rest: 'id userId setAt',
  },
  role: {
    retention: 'master',
    personal: {},
    rest: 'id code name readyMade version needsSecondFactor',
  },
  role_permission: {
    retention: 'master',
    personal: {},
    rest: 'id roleId permission',
  },
  user_role: {
    retention: 'master',
    personal: {},
    rest: 'id userId roleId storeId startsAt endsAt',
  },
  session: {
    retention: 'sessions',
    personal: {
      sidHash: 'secret hashed',
      address: 'network plain',
      userAgent: 'network plain',
      data: 'payload plain',
    },
    rest: 'userId createdAt seenAt expiresAt',
  },
  sign_in_attempt: {
    retention: 'sessions',
    personal: {
      subject: 'network hashed',
    },
    rest: 'failures lastFailedAt lockedUntil',
  },
  one_time_link: {
    retention: 'sessions',
    personal: {
      tokenHash: 'secret hashed',
    },
    rest: 'purpose userId createdAt expiresAt usedAt',
  },
  recovery_code: {
    retention: 'accounts',
    personal: {
      codeHash: 'secret hashed',
    },
    rest: 'id userId usedAt',
  },
  job_lease: {
    retention: 'master',
    personal: {},
    rest: 'jobId owner leasedUntil lastDueAt',
  },
  job_run: {
    retention: 'jobs',
    personal: {},
    rest: 'id jobId node dueAt startedAt finishedAt outcome error',
  },
  attachment: {
    retention: 'attachments',
    personal: {
      name: 'payload plain',
      sha256: 'payload plain',
    },
    rest: 'id contentType sizeBytes subjectType subjectId createdBy createdAt removedAt',
  },
  parameter: {
    retention: 'master',
    personal: {},
    rest: 'name value changedAt changedBy version',
  },
  config_revision: {
    retention: 'books',
    personal: {
      madeByName: 'name plain',
    },
    rest: 'id revision kind backTo reason changes changeCount content checksum madeAt madeById',
  },
  config_record: {
    retention: 'master',
    personal: {},
    rest: 'id setName name nameKey content active version',
  },
  notification_channel: {
    retention: 'master',
    personal: {
      settings: 'phone plain',
      secret: 'secret encrypted',
    },
    rest: 'id name kind locale subscriptions storeId active createdAt version',
  },
  notification: {
    retention: 'notifications',
    personal: {
      content: 'payload plain',
    },
    rest: 'id channelId state attempts createdAt dueAt sentAt failure',
  },
  import_run: {
    retention: 'imports',
    personal: {
      fileName: 'payload plain',
      storedAs: 'payload plain',
      problems: 'payload plain',
      createdByName: 'name plain',
    },
    rest: 'id importer storeId sheet headerRow mapping across state rowCount done failure problemCount summary createdBy createdAt finishedAt version',
  },
  backup_run: {
    retention: 'runs',
    personal: {
      startedByName: 'name plain',
    },
    rest: 'id state origin startedAt seenAt finishedAt name bytes encrypted progress results failure cancelled',
  },
  upkeep_run: {
    retention: 'runs',
    personal: {
      startedByName: 'name plain',
      addressCipher: 'secret encrypted',
    },
    rest: 'id kind state startedById startedAt seenAt finishedAt done total result failure',
  },
  maintenance_state: {
    retention: 'master',
    personal: {
      byName: 'name plain',
      note: 'note plain',
    },
    rest: 'id kind since token',
  },
  server_node: {
    retention: 'master',
    personal: {},
    rest: 'node program startedAt seenAt parkedAt',
  },
  program_upgrade: {
    retention: 'master',
    personal: {
      byName: 'name plain',
    },
    rest: 'id fromVersion toVersion finishedAt',
  },
  release_seen: {
    retention: 'master',
    personal: {},
    rest: 'userId version seenAt',
  },
  alarm: {
    retention: 'master',
    personal: {},
    rest: 'alarmId event details raisedAt saidAt',
  },
  node_report: {
    retention: 'master',
    personal: {},
    rest: 'node reportedAt folder freeBytes certificateDays',
  },
  support_contact: {
    retention: 'master',
    personal: {
      name: 'name plain',
      phone: 'phone plain',
      mail: 'phone plain',
    },
    rest: 'id kind duty onlineService hours version',
  },
  growth_sample: {
    retention: 'runs',
    personal: {},
    rest: 'id takenAt databaseBytes freeBytes totalBytes',
  },
};
