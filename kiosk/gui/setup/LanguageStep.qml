pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// The shop's language, and the currency of its prices.
Grid {
    id: step
    property bool portrait: false
    readonly property real room: width - 80
    columns: portrait ? 1 : 2
    columnSpacing: 60
    rowSpacing: 44
    leftPadding: 40
    rightPadding: 40
    topPadding: portrait ? 56 : 44

    component Cell: Column {
        width: step.portrait ? step.room : (step.room - 60) * 0.38
        spacing: 18
    }
    Cell {
        Label {
            width: parent.width
            text: qsTr("Welcome")
            font.pixelSize: 56
            font.weight: Font.Bold
        }
        Label {
            width: parent.width
            text: qsTr("In two minutes this kiosk will know its first product. It needs no internet, and pictures stay in here.")
            color: Theme.mute
            font.pixelSize: Theme.bodySize
            wrapMode: Text.Wrap
            lineHeight: 1.15
        }
        Label { text: qsTr("Language of the shop"); font.weight: Font.DemiBold; topPadding: 16 }
        Segmented {
            objectName: "setupLanguage"
            width: parent.width
            options: Kiosk.settings.languages
            current: Kiosk.settings.languageChoice
            onChosen: index => Kiosk.settings.chooseLanguage(index)
        }
    }
    Cell {
        width: step.portrait ? step.room : (step.room - 60) * 0.62
        Label {
            width: parent.width
            text: qsTr("Currency of your prices")
            font.weight: Font.DemiBold
        }
        Label {
            objectName: "priceExample"
            width: parent.width
            text: qsTr("A price looks like this: %1").arg(Kiosk.settings.priceExample)
            color: Theme.mute
            font.pixelSize: Theme.bodySize
        }
        Flow {
            width: parent.width
            spacing: 4
            Repeater {
                model: Kiosk.settings.currencies
                FilterChip {
                    required property string modelData
                    objectName: "currency-" + modelData
                    width: step.portrait ? 102 : 96
                    text: modelData
                    on: Kiosk.settings.currency === modelData
                    onClicked: Kiosk.settings.setCurrency(modelData)
                }
            }
        }
    }
}
