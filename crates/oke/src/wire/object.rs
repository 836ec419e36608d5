//! One definition of an object gives its type, its tolerant reader, its strict writer and its schema.

/// What the bundle says about an attribute besides its type.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "these are the four independent flags of OpenAPI")]
pub(crate) struct Flags {
    /// Must be there in a full message.
    pub(crate) required: bool,
    /// `readOnly` in the bundle.
    pub(crate) read_only: bool,
    /// `writeOnly` in the bundle: read if it comes, never sent.
    pub(crate) write_only: bool,
    /// Null is allowed outside a PATCH.
    pub(crate) nullable: bool,
}

/// Defines an object of the exchange: `name: Type = "wire name" | "other spelling" [flags];`
macro_rules! object {
    (
        $(#[$doc:meta])*
        $object:ident $( unknown $unknown:path, )? {
            $( $(#[$field_doc:meta])* $name:ident : $type:ty = $wire:literal $( | $alias:literal )* $( [ $($flag:ident),* ] )? ; )*
        }
        $( judge $judge:path; )?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $object {
            $( $(#[$field_doc])* pub $name: $crate::wire::Field<$type>, )*
            /// Attributes we do not know: kept, and sent on as they came.
            pub extra: $crate::wire::Attributes,
            /// Attributes we know, with values nobody can understand: never sent on.
            pub unread: $crate::wire::Unread,
        }

        impl $crate::wire::Wire for $object {
            fn read(
                value: serde_json::Value,
                at: &$crate::finding::Place<'_>,
                reader: &mut $crate::wire::Reader,
            ) -> Result<Self, serde_json::Value> {
                reader.deeper(value, at, |reader, value| {
                    let serde_json::Value::Object(attributes) = value else {
                        return reader.refuse(value, at, "object");
                    };
                    let mut read = Self::default();
                    for (key, value) in attributes {
                        match key.as_str() {
                            $(
                                $wire => {
                                    let flags = $crate::wire::Flags { $($( $flag: true, )*)? ..Default::default() };
                                    read.$name =
                                        reader.field(value, &at.key($wire), $wire, &mut read.unread, flags);
                                }
                                $( $alias => {
                                    let here = at.key($alias);
                                    reader.found(
                                        &here,
                                        $crate::rule::Rule::Spelling,
                                        $crate::finding::Level::Agreement,
                                        $crate::finding::Severity::Warning,
                                        $wire,
                                    );
                                    // The right spelling wins, whichever came first.
                                    let field =
                                        reader.field(value, &here, $alias, &mut read.unread, Default::default());
                                    if read.$name.is_absent() {
                                        read.$name = field;
                                    }
                                } )*
                            )*
                            _ => {
                                $( $unknown(&key, at, reader); )?
                                read.extra.insert(key, value);
                            }
                        }
                    }
                    if !reader.patch {
                        $(
                            let flags = $crate::wire::Flags { $($( $flag: true, )*)? ..Default::default() };
                            if flags.required && read.$name.is_absent() && !read.unread.contains_key($wire) {
                                reader.deviation(
                                    at,
                                    $crate::rule::Rule::Required,
                                    $crate::wire::weight_of($wire),
                                    $wire,
                                );
                            }
                        )*
                    }
                    $( $judge(&read, at, reader); )?
                    Ok(read)
                })
            }

            fn write(&self) -> serde_json::Value {
                let mut object = self.extra.clone();
                $(
                    let flags = $crate::wire::Flags { $($( $flag: true, )*)? ..Default::default() };
                    match &self.$name {
                        _ if flags.write_only => {}
                        $crate::wire::Field::Absent => {}
                        $crate::wire::Field::Null => {
                            object.insert($wire.to_owned(), serde_json::Value::Null);
                        }
                        $crate::wire::Field::Value(value) => {
                            object.insert($wire.to_owned(), $crate::wire::Wire::write(value));
                        }
                    }
                )*
                serde_json::Value::Object(object)
            }

            fn schema(named: &mut $crate::wire::Attributes) -> serde_json::Value {
                let name = stringify!($object);
                if !named.contains_key(name) {
                    // The name goes in first: organisations contain organisations.
                    named.insert(name.to_owned(), serde_json::Value::Null);
                    let mut properties = $crate::wire::Attributes::new();
                    let mut required: Vec<&str> = Vec::new();
                    $(
                        let flags = $crate::wire::Flags { $($( $flag: true, )*)? ..Default::default() };
                        let mut property = <$type as $crate::wire::Wire>::schema(named);
                        if flags.nullable && let Some(property) = property.as_object_mut() {
                            property.insert("nullable".to_owned(), serde_json::Value::Bool(true));
                        }
                        properties.insert($wire.to_owned(), property);
                        if flags.required {
                            required.push($wire);
                        }
                    )*
                    let mut object = serde_json::json!({ "type": "object", "properties": properties });
                    if !required.is_empty() && let Some(object) = object.as_object_mut() {
                        object.insert("required".to_owned(), serde_json::json!(required));
                    }
                    named.insert(name.to_owned(), object);
                }
                serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
            }
        }
    };
}

pub(crate) use object;
