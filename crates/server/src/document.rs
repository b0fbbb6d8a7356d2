//! The OpenAPI document, made complete.

use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayItems, ObjectBuilder, Schema, Type};
use utoipa::openapi::{Info, OpenApi, RefOr, Required};

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
    document.paths.paths.values_mut().filter_map(|item| item.post.as_mut()).for_each(require_action);
    let schemas = document.components.iter_mut().flat_map(|components| components.schemas.iter_mut());
    // In what a client sends, a field that is not said is left out.
    schemas.filter(|(name, _)| !name.starts_with(ASKED)).for_each(|(_, schema)| require_all(schema));
    document
}

/// Names of bodies that the API takes begin with this.
const ASKED: &str = "Asked";

/// What may change something is only done when it is meant.
fn require_action(operation: &mut Operation) {
    let about = "Shows that the request was meant: 1. An Origin, where one is sent, must be that of the server.";
    let header = ParameterBuilder::new()
        .name("Kerbwatt-Action")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["1"]))));
    operation.parameters.get_or_insert_default().push(RefOr::T(header.build()));
}

/// Every field is always there, as null where there is nothing to say.
fn require_all(schema: &mut RefOr<Schema>) {
    let RefOr::T(schema) = schema else { return };
    match schema {
        // One that may hold more says itself what is always there.
        Schema::Object(object) if object.additional_properties.is_some() => {}
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
