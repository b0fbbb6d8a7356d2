//! The OpenAPI document, made complete.

use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::{Info, OpenApi, RefOr};

use crate::VERSION;

/// Adds what the handlers cannot say themselves.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    let mut info = Info::new("Kerbwatt", VERSION);
    info.description = Some(
        "How public charge points are used. Every figure comes with its definition, period, filters, data version and \
         coverage. Failures have one envelope."
            .to_owned(),
    );
    document.info = info;
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.values_mut());
    schemas.for_each(require_all);
    document
}

/// Every field is always there, as null where there is nothing to say.
fn require_all(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        Schema::Object(object) => {
            object.required = object.properties.keys().cloned().collect();
            object.properties.values_mut().for_each(require_all);
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                require_all(items);
            }
        }
        Schema::AllOf(all) => all.items.iter_mut().for_each(require_all),
        Schema::OneOf(one) => one.items.iter_mut().for_each(require_all),
        _ => {}
    }
}
